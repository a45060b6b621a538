import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Lifetime } from './lifetime.mjs';
import { own } from './places.mjs';
import { scratchPostgres } from './scratch.mjs';

for (const durable of [true, false]) {
  test(`a server that is ${durable ? '' : 'not '}to be durable ${durable ? 'waits' : 'does not wait'} for the disk`, async () => {
    const life = new Lifetime();
    try {
      await scratchPostgres(life, { durable });
      const command = readFileSync(own('scratch', `${process.pid}-postgres`, 'postmaster.opts'), 'utf8');
      assert.equal(/fsync=off/.test(command), !durable);
      assert.equal(/full_page_writes=off/.test(command), !durable);
    } finally {
      await life.end();
    }
  });
}

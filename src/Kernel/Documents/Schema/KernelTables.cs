namespace Modular.Kernel.Documents.Schema;

/// <summary>What the Kernel keeps in every module's schema. Each text may run again on what it made before.</summary>
internal static class KernelTables
{
    public static IEnumerable<(string Table, string Sql)> For(string schema)
    {
        yield return ("store", $"""
            create table if not exists {schema}.store(restore_id uuid not null);
            insert into {schema}.store select gen_random_uuid() where not exists (select 1 from {schema}.store);
            """);
        yield return ("commits", $"""
            create table if not exists {schema}.commits(batch_id uuid primary key, at timestamptz not null default now());
            """);
        yield return ("streams", $"""
            create table if not exists {schema}.streams(name text primary key, head bigint not null) with (fillfactor = 50);
            """);
        yield return ("events", $"""
            create table if not exists {schema}.events(
              stream text not null, seq bigint not null, event_id uuid not null, type text not null, subject uuid not null,
              data json not null, redacts uuid, at timestamptz not null, primary key (stream, seq));
            create index if not exists events_at on {schema}.events using brin (at);
            """);
        yield return ("outbox_owner", $"""
            create table if not exists {schema}.outbox_owner(
              owner_id uuid primary key, instance text not null, started_at timestamptz not null default now(),
              heartbeat_at timestamptz not null default now(), heard_at timestamptz, alone boolean not null default true);
            """);
        yield return ("outbox", $"""
            create table if not exists {schema}.outbox(
              id bigint generated always as identity primary key, owner_id uuid not null, lane smallint not null, event_id uuid not null,
              stream text, seq bigint not null, type text not null, subject uuid not null, data json, request_id text, trace text,
              redacts uuid, at timestamptz not null)
              with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
            create index if not exists outbox_owner_lane on {schema}.outbox(owner_id, lane, id);
            """);
        yield return ("inbox", $"""
            create table if not exists {schema}.inbox(
              event_id uuid not null, handler text not null, at timestamptz not null default now(), primary key (event_id, handler));
            create index if not exists inbox_at on {schema}.inbox using brin (at);
            """);
        yield return ("dead_letters", $"""
            create table if not exists {schema}.dead_letters(
              event_id uuid not null, handler text not null, type text not null, stream text, seq bigint not null, data json not null,
              error text not null, attempts int not null, at timestamptz not null default now(),
              happened_at timestamptz, request_id text, replay_at timestamptz,
              primary key (event_id, handler));
            """);
        yield return ("leases", $"""
            create table if not exists {schema}.leases(name text primary key, holder uuid not null, until timestamptz not null);
            """);
    }

    /// <summary>Columns that an older version made its tables without. Each has a constant default or none, so adding it rewrites nothing.</summary>
    public static IReadOnlyList<(string Table, string Column, string Type)> Added { get; } =
    [
        ("outbox_owner", "heard_at", "timestamptz"),
        ("outbox_owner", "alone", "boolean not null default true"),
        ("outbox", "trace", "text"),
        ("dead_letters", "happened_at", "timestamptz"),
        ("dead_letters", "request_id", "text"),
        ("dead_letters", "replay_at", "timestamptz"),
    ];

    /// <summary>Ends a batch before it commits, naming in its last word the sessions it is about (in the message: Npgsql hides details).</summary>
    public static string Refuse(string schema) => $"""
        create or replace function {schema}.refuse(what text, ords int[]) returns void language plpgsql as $refuse$
        begin
          raise exception using errcode = case what when 'owner' then 'MD002' else 'MD001' end, 
            message = what || coalesce(' ' || array_to_string(ords, ','), '');
        end $refuse$;
        """;
}

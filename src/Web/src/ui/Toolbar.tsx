import type { ReadonlySignal } from "@preact/signals";
import type { ListOrder } from "../listOrder";
import type { Sort } from "../store";
import { plural } from "../text";

const sorts: readonly { sort: Sort; label: string }[] = [
  { sort: "top", label: "Top" },
  { sort: "newest", label: "Newest" },
];

export function Toolbar({ order, loaded }: { order: ListOrder; loaded: ReadonlySignal<boolean> }) {
  const count = order.ids.value.length + order.waiting.value;
  return (
    <div class="toolbar">
      <h2>{loaded.value && count > 0 ? plural(count, "question") : "Questions"}</h2>
      <fieldset class="segments">
        <legend class="unseen">Order</legend>
        {sorts.map(({ sort, label }) => (
          <label key={sort}>
            <input
              type="radio"
              name="sort"
              checked={order.sort.value === sort}
              onChange={() => order.by(sort)}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

const shapes = ["long", "short", "long", "middle"];

export function Skeletons() {
  return (
    <div class="cards" aria-busy="true" role="status">
      <span class="unseen">Loading the questions</span>
      {shapes.map((shape, at) => (
        <div class="card skeleton" key={`${shape}${at}`}>
          <div class="card-text">
            <i class="bone bone-meta" />
            <i class={`bone bone-${shape}`} />
          </div>
          <i class="bone bone-vote" />
        </div>
      ))}
    </div>
  );
}

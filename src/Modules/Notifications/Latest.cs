namespace Modular.Notifications;

/// <summary>The last few of what came since it was taken; older ones go. It costs nothing until something comes.</summary>
internal sealed class Latest<T>(int most)
{
    private readonly Lock gate = new();
    private Queue<T>? waiting;

    public void Add(T item)
    {
        lock (gate)
        {
            waiting ??= new Queue<T>(most);
            if (waiting.Count == most)
                waiting.Dequeue();
            waiting.Enqueue(item);
        }
    }

    public IReadOnlyCollection<T> Take()
    {
        lock (gate)
        {
            IReadOnlyCollection<T> taken = waiting ?? (IReadOnlyCollection<T>)[];
            waiting = null;
            return taken;
        }
    }
}

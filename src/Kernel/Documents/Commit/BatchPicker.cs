namespace Modular.Kernel.Documents.Commit;

/// <summary>
/// Chooses which waiting sessions share the next commit: oldest first, up to 256 sessions or 256 KB, and none that
/// touches what another in the batch touches (increments of one counter and expectations of one document may).
/// A session left behind holds its keys, so that a later one on the same thing cannot overtake it, and so do those held up by others.
/// </summary>
internal static class BatchPicker
{
    public const int MaxSessions = 256;
    public const int MaxBytes = 256 * 1024;

    public static List<CommitRequest> Take(LinkedList<CommitRequest> waiting, HeldUpSessions heldUp)
    {
        var batch = new List<CommitRequest>(Math.Min(waiting.Count, MaxSessions));
        var held = heldUp.Locks();
        var bytes = 0;
        for (var node = waiting.First; node is not null && batch.Count < MaxSessions;)
        {
            var (request, next) = (node.Value, node.Next);
            var fits = batch.Count == 0 || bytes + request.Writes.Size <= MaxBytes;
            if (!fits)
                break;
            var free = IsFree(held, request.Locks);
            if (request.IsWithdrawn || (free && !request.TryTake()))
            {
                waiting.Remove(node);
            }
            else
            {
                foreach (var (key, mode) in request.Locks)
                    held[key] = free ? mode : LockMode.Exclusive;
                if (free)
                {
                    batch.Add(request);
                    bytes += request.Writes.Size;
                    waiting.Remove(node);
                }
            }

            node = next;
        }

        return batch;
    }

    private static bool IsFree(Dictionary<LockKey, LockMode> held, Dictionary<LockKey, LockMode> wanted)
    {
        foreach (var (key, mode) in wanted)
        {
            if (held.TryGetValue(key, out var other) && (mode == LockMode.Exclusive || other != mode))
                return false;
        }

        return true;
    }
}

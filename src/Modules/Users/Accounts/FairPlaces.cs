namespace Modular.Users.Accounts;

/// <summary>Places to wait in, of which one address takes at most half: whoever floods them keeps others waiting, but not out.</summary>
internal sealed class FairPlaces(int places)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> taken = new(StringComparer.Ordinal);
    private readonly int mostOfOne = Math.Max(1, places / 2);

    /// <summary>False where this address has its share. Says nothing of whether there is a place at all.</summary>
    public bool TryTake(string address)
    {
        lock (gate)
        {
            var now = taken.GetValueOrDefault(address);
            if (now < mostOfOne)
                taken[address] = now + 1;
            return now < mostOfOne;
        }
    }

    public void GiveBack(string address)
    {
        lock (gate)
        {
            if (--taken[address] == 0)
                taken.Remove(address);
        }
    }
}

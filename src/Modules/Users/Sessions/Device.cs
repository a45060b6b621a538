namespace Modular.Users.Sessions;

/// <summary>What a person knows a device by.</summary>
internal static class Device
{
    private const int Longest = 100;

    /// <summary>Null for a client that says nothing of itself.</summary>
    public static string? Name(string userAgent) =>
        userAgent.Length == 0 ? null : string.Concat(userAgent.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(Longest));
}

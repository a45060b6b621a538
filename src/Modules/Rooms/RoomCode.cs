using System.Security.Cryptography;

namespace Modular.Rooms;

/// <summary>What people type to join: six characters without those that look alike (0 and O, 1, I and L).</summary>
internal static class RoomCode
{
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 6;

    public static string Draw() => RandomNumberGenerator.GetString(Letters, Length);

    /// <summary>The code as it is kept, from what somebody typed: case and spaces do not count.</summary>
    public static string Read(string typed) => string.Concat(typed.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
}

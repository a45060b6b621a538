using Modular.Kernel.Documents;

namespace Modular.Users.Mail;

/// <summary>
/// Somebody has asked for a mail. Whether there is anybody to write to is looked up later, elsewhere: whoever asks must not
/// be able to tell. It is there until the mail has gone, and whoever sends it has it to themselves until the time of the next try.
/// </summary>
internal sealed record MailRequest : Document
{
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(4)];

    public MailKind Kind { get; init; }

    /// <summary>The address, sealed by data protection.</summary>
    public byte[] Sealed { get; init; } = [];

    /// <summary>A keyed hash of where it was asked from; the address itself is not stored.</summary>
    public string? AskedFrom { get; init; }

    public int Tries { get; init; }

    public DateTimeOffset NextAt { get; init; }

    public static MailRequest For(MailKind kind, byte[] address, string? askedFrom, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), Kind = kind, Sealed = address, AskedFrom = askedFrom, NextAt = now };

    public MailRequest Tried(DateTimeOffset now) =>
        this with { Tries = Tries + 1, NextAt = now + Pauses[Math.Min(Tries, Pauses.Length - 1)] };

    public bool IsTooOld(DateTimeOffset now) => now - CreatedAt >= Kind.Patience();
}

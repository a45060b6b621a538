namespace Modular.Users.Sessions;

/// <summary>What a person knows a device by, such as "Firefox on Android". Out of a text that anybody may send, only words of ours and plain letters.</summary>
internal static class Device
{
    public const string Unknown = "Unknown device";

    private const int Longest = 40;

    // Each calls itself by the names of those below it, too.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
    ];

    /// <summary>Null for a client that says nothing of itself.</summary>
    public static string? Name(string userAgent) => (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
    {
        ({ } browser, { } system) => $"{browser} on {system}",
        ({ } browser, null) => browser,
        (null, { } system) when userAgent.StartsWith("Mozilla/", StringComparison.Ordinal) => $"Browser on {system}",
        _ => Program(userAgent),
    };

    private static string? Find((string Mark, string Name)[] known, string userAgent) =>
        Array.Find(known, k => userAgent.Contains(k.Mark, StringComparison.Ordinal)).Name;

    /// <summary>What stands before the version: <c>curl/8.5.0</c> is curl.</summary>
    private static string? Program(string userAgent)
    {
        var name = string.Concat(userAgent.TakeWhile(c => c is not ('/' or '(')).Where(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '.').Take(Longest)).Trim();
        return name.Length > 0 ? name : null;
    }
}

using Microsoft.AspNetCore.Http;

namespace Modular.Kernel.Web.Limits;

/// <summary>What a limited answer says of the budget it was taken from; times in whole seconds.</summary>
public static class RateLimitHeaders
{
    internal const string Limit = "RateLimit-Limit";
    internal const string Remaining = "RateLimit-Remaining";
    internal const string Reset = "RateLimit-Reset";

    /// <param name="limit">Permits of a full budget.</param>
    /// <param name="remaining">Permits that are left now.</param>
    /// <param name="reset">Until it is full again.</param>
    public static void Set(HttpContext http, int limit, int remaining, TimeSpan reset)
    {
        var headers = http.Response.Headers;
        headers[Limit] = limit.ToString();
        headers[Remaining] = remaining.ToString();
        headers[Reset] = Seconds(reset).ToString();
    }

    /// <summary>Rounded up: whoever waits so long finds it true.</summary>
    public static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    /// <summary>As a sentence says it: <c>a second</c>, <c>40 seconds</c>, <c>3 minutes</c>.</summary>
    public static string InWords(TimeSpan time) => Seconds(time) switch
    {
        <= 1 => "a second",
        < 120 and var seconds => $"{seconds} seconds",
        var seconds => $"{(seconds + 59) / 60} minutes",
    };
}

using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Modular.Bench.Measuring;

namespace Modular.Bench.SignIns;

/// <summary>Who has an account, with a connection each.</summary>
internal sealed class People : IDisposable
{
    private const string Password = "a password of this measurement";
    private readonly List<(HttpClient Http, string Email)> members = [];

    public int Count => members.Count;

    public static async Task<People> RegisterAsync(Uri address, int count)
    {
        var people = new People();
        for (var n = 0; n < count; n++)
        {
            var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address };
            people.members.Add((http, $"person-{n}@example.org"));
            using var made = await http.PostAsJsonAsync(new Uri("/api/users/register", UriKind.Relative), new { email = people.members[^1].Email, password = Password });
            if (made.StatusCode != HttpStatusCode.Created)
                throw new InvalidOperationException($"Registering: {made.StatusCode} {await made.Content.ReadAsStringAsync()}");
        }

        return people;
    }

    /// <summary>Each signs in, at least once, and again once they are in.</summary>
    public async Task<SignInCount> SignInUntilOverAsync(Window window)
    {
        var (latencies, all, busy) = (new Latencies(), 0, 0);
        await Task.WhenAll(members.Select(async member =>
        {
            do
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await member.Http.PostAsJsonAsync(new Uri("/api/users/login", UriKind.Relative), new { email = member.Email, password = Password });
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    latencies.Add(began, Stopwatch.GetTimestamp(), window);
                    Interlocked.Increment(ref all);
                }
                else if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                    Interlocked.Increment(ref busy);
                else
                    throw new InvalidOperationException($"Signing in: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
            while (!window.IsOver(Stopwatch.GetTimestamp()));
        }));
        var spread = latencies.Spread();
        return new SignInCount(spread.Count / window.Seconds, spread, all, busy);
    }

    public void Dispose()
    {
        foreach (var (http, _) in members)
            http.Dispose();
    }
}

/// <param name="Rate">A second.</param>
/// <param name="All">Ramp and tail included, as in <paramref name="Busy"/>, which are answers that told people to come back later.</param>
internal sealed record SignInCount(double Rate, Spread Latency, int All, int Busy);

using System.Collections.Concurrent;
using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>A signed-in guest who asks and, where an answer is missing or 503, sends the same again.</summary>
internal sealed class Poster : IDisposable
{
    private readonly Browser browser;
    private readonly string name;

    private Poster(Browser browser, string name) => (this.browser, this.name) = (browser, name);

    /// <summary>What was answered with 201 or 200: client id to the question's id.</summary>
    public ConcurrentDictionary<string, Guid> Saved { get; } = [];

    /// <summary>Every answer that was neither 2xx nor 503.</summary>
    public ConcurrentBag<Answer> Strange { get; } = [];

    public int Unavailable { get; private set; }

    public int Unanswered { get; private set; }

    public static async Task<Poster[]> SeveralAsync(int count, Uri host) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(n => JoinAsync(host, $"p{n}")));

    /// <summary>The same person at several devices: each an own connection and own client ids.</summary>
    public static async Task<Poster[]> OnSeveralDevicesAsync(int count, Uri host)
    {
        var token = await SignInAsync(host, "everybody");
        return [.. Enumerable.Range(0, count).Select(n => new Poster(new Browser(host, token), $"p{n}"))];
    }

    /// <summary>Asks so many questions, one after the other; each once and with success.</summary>
    public async Task AskAsync(int questions)
    {
        for (var n = 0; n < questions; n++)
        {
            var id = $"{name}-{n}";
            Saved[id] = (await SendAsync(id)).Must(201).Id;
        }
    }

    /// <summary>Asks until told to stop; each question until it is known to be saved.</summary>
    public async Task KeepAskingAsync(CancellationToken enough)
    {
        for (var n = 0; !enough.IsCancellationRequested; n++)
            await AskUntilSavedAsync($"{name}-{n}");
    }

    /// <summary>Asks until the host is gone, each question once.</summary>
    public async Task AskUntilGoneAsync()
    {
        for (var n = 0; ; n++)
        {
            try
            {
                if (Keep($"{name}-{n}", await SendAsync($"{name}-{n}")) == false)
                    return;
            }
            catch (HttpRequestException)
            {
                Unanswered++;
                return;
            }
        }
    }

    public void Dispose() => browser.Dispose();

    private static async Task<Poster> JoinAsync(Uri host, string name) => new(new Browser(host, await SignInAsync(host, name)), name);

    private static async Task<string> SignInAsync(Uri host, string name)
    {
        using var nobody = new Browser(host);
        return (await nobody.Post("/api/users/guests", new { name })).Must(201)["accessToken"].GetString()!;
    }

    private async Task AskUntilSavedAsync(string clientId)
    {
        while (true)
        {
            try
            {
                if (Keep(clientId, await SendAsync(clientId)))
                    return;
            }
            catch (HttpRequestException)
            {
                Unanswered++;
            }

            await Task.Delay(50);
        }
    }

    /// <summary>False where it has to be sent again.</summary>
    private bool Keep(string clientId, Answer answer)
    {
        if (answer.Status is 200 or 201)
            Saved[clientId] = answer.Id;
        else if (answer.Status == 503)
            Unavailable++;
        else
            Strange.Add(answer);
        return answer.Status is 200 or 201;
    }

    private Task<Answer> SendAsync(string clientId) => browser.Post("/api/questions", new { body = $"Question {clientId}?", clientId });
}

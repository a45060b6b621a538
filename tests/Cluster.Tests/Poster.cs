using System.Collections.Concurrent;
using System.Diagnostics;
using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>A signed-in guest who asks and, where an answer is missing or 503, sends the same again.</summary>
internal sealed class Poster : IDisposable
{
    private readonly Browser browser;
    private readonly string name;
    private readonly Guid? room;

    private Poster(Browser browser, string name, Guid? room) => (this.browser, this.name, this.room) = (browser, name, room);

    /// <summary>What was answered with 201 or 200: client id to the question's id.</summary>
    public ConcurrentDictionary<string, Guid> Saved { get; } = [];

    /// <summary>Every answer that was neither 2xx nor 503.</summary>
    public ConcurrentBag<Answer> Strange { get; } = [];

    /// <summary>Rooms that were answered with 201.</summary>
    public ConcurrentBag<Guid> Rooms { get; } = [];

    public int Unavailable { get; private set; }

    public int Unanswered { get; private set; }

    /// <summary>How long the slowest answer took.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <param name="room">Where they ask; without one in the lobby.</param>
    public static async Task<Poster[]> SeveralAsync(int count, Uri host, Guid? room = null) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(n => JoinAsync(host, $"p{n}", room)));

    /// <summary>Asks so many questions, one after the other; each once and with success.</summary>
    public async Task AskAsync(int questions)
    {
        for (var n = 0; n < questions; n++)
        {
            var id = $"{name}-{n}";
            Saved[id] = (await PostAsync("/api/questions", Question(id))).Must(201).Id;
        }
    }

    /// <summary>Asks until told to stop; each question until it is known to be saved.</summary>
    public async Task KeepAskingAsync(TimeSpan pause, CancellationToken enough)
    {
        for (var n = 0; !enough.IsCancellationRequested; n++)
        {
            await AskUntilSavedAsync($"{name}-{n}");
            await Task.Delay(pause, CancellationToken.None);
        }
    }

    /// <summary>Makes rooms until told to stop. A room has no client id, so one that was not answered with success is not counted on.</summary>
    public async Task KeepMakingRoomsAsync(TimeSpan pause, CancellationToken enough)
    {
        for (var n = 0; !enough.IsCancellationRequested; n++)
        {
            if (await SuccessAsync("/api/rooms", new { title = $"Room {name}-{n}" }) is { } made)
                Rooms.Add(made.Id);
            await Task.Delay(pause, CancellationToken.None);
        }
    }

    /// <summary>Asks until the host is gone, each question once.</summary>
    public async Task AskUntilGoneAsync(TimeSpan pause = default)
    {
        for (var n = 0; await IsSavedAsync($"{name}-{n}"); n++)
            await Task.Delay(pause);
    }

    public void Dispose() => browser.Dispose();

    private static async Task<Poster> JoinAsync(Uri host, string name, Guid? room)
    {
        using var nobody = new Browser(host);
        var token = (await nobody.Post("/api/users/guests", new { name })).Must(201)["accessToken"].GetString();
        return new Poster(new Browser(host, token), name, room);
    }

    private async Task AskUntilSavedAsync(string clientId)
    {
        while (!await IsSavedAsync(clientId))
            await Task.Delay(50);
    }

    private async Task<bool> IsSavedAsync(string clientId)
    {
        if (await SuccessAsync("/api/questions", Question(clientId)) is not { } answer)
            return false;
        Saved[clientId] = answer.Id;
        return true;
    }

    /// <summary>Null where it has to be sent again.</summary>
    private async Task<Answer?> SuccessAsync(string path, object body)
    {
        try
        {
            var answer = await PostAsync(path, body);
            if (answer.Status is 200 or 201)
                return answer;
            if (answer.Status == 503)
                Unavailable++;
            else
                Strange.Add(answer);
        }
        catch (HttpRequestException)
        {
            Unanswered++;
        }

        return null;
    }

    private object Question(string clientId) => new { body = $"Question {clientId}?", clientId, room };

    private async Task<Answer> PostAsync(string path, object body)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await browser.Post(path, body);
        if (Stopwatch.GetElapsedTime(began) is var took && took > Slowest)
            Slowest = took;
        return answer;
    }
}

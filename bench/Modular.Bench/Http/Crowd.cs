using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Modular.Bench.Http;

/// <summary>The guests who ask and the rooms they ask in, made through the product before anything is measured.</summary>
/// <param name="Tokens">Access tokens, one a guest.</param>
internal sealed record Crowd(IReadOnlyList<string> Tokens, IReadOnlyList<string> Rooms)
{
    public static async Task<Crowd> GatherAsync(Uri address, int guests, int rooms)
    {
        using var http = new HttpClient { BaseAddress = address };
        var tokens = await Task.WhenAll(Enumerable.Range(0, guests).Select(n => MadeAsync(http, "/api/users/guests", new { name = $"Guest {n}" }, "accessToken")));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens[0]);
        var ids = new List<string>();
        for (var n = 0; n < rooms; n++)
            ids.Add(await MadeAsync(http, "/api/rooms", new { title = $"Room {n}" }, "id"));
        return new Crowd(tokens, ids);
    }

    private static async Task<string> MadeAsync(HttpClient http, string path, object body, string member)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"POST {path}: {text}");
        return JsonDocument.Parse(text).RootElement.GetProperty(member).GetString()!;
    }
}

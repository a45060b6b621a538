using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Modular.Testing;

/// <summary>One person's HTTP: keeps cookies as a browser does, or carries a token as a program does.</summary>
public sealed class Browser : IDisposable
{
    private readonly HttpClient http;

    /// <param name="keepsCookies">False: every request comes from somebody new.</param>
    public Browser(Uri address, string? bearer = null, bool keepsCookies = true)
    {
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, UseCookies = keepsCookies, AllowAutoRedirect = false }) { BaseAddress = address };
        if (bearer is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
    }

    public CookieContainer Cookies { get; } = new();

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, body: null, headers);

    public Task<Answer> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body);

    public Task<Answer> Put(string path, object? body = null) => Send(HttpMethod.Put, path, body);

    public Task<Answer> Patch(string path, object body) => Send(HttpMethod.Patch, path, body);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, body: null);

    public async Task<Answer> Send(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        return new Answer(
            (int)response.StatusCode, await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose() => http.Dispose();
}

/// <summary>What came back.</summary>
public sealed record Answer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public Guid Id => Json.GetProperty("id").GetGuid();

    /// <summary>A problem's type without <c>urn:modular:</c>.</summary>
    public string Problem => Json.GetProperty("type").GetString()!["urn:modular:".Length..];

    public JsonElement this[string member] => Json.GetProperty(member);

    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("items").EnumerateArray()];

    /// <summary>This answer, if it has the status; what came instead, if not.</summary>
    public Answer Must(int status) => Status == status ? this : throw new InvalidOperationException($"Expected {status}, got {Status}: {Text}");
}

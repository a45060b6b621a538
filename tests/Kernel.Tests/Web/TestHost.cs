using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;

namespace Modular.Kernel.Tests.Web;

/// <summary>The Kernel's web pipeline with the test module, on a loopback port of its own.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private TestHost(WebApplication app, CapturedLog log, HttpClient http) => (App, Log, Http) = (app, log, http);

    public WebApplication App { get; }

    public CapturedLog Log { get; }

    /// <summary>Keeps no cookies and follows no redirects.</summary>
    public HttpClient Http { get; }

    public static Task<TestHost> StartAsync(Action<WebApplicationBuilder>? configure = null, params (string Key, string Value)[] settings) =>
        StartAsync(webRoot: null, configure, settings);

    public static async Task<TestHost> StartAsync(string? webRoot, Action<WebApplicationBuilder>? configure = null, params (string Key, string Value)[] settings)
    {
        var log = new CapturedLog();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = AppContext.BaseDirectory, WebRootPath = webRoot });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        IModule[] modules = [new TestModule()];
        builder.AddKernelWeb();
        builder.Logging.ClearProviders().AddProvider(log);
        modules[0].AddServices(builder);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        configure?.Invoke(builder);
        var app = builder.Build().UseKernelWeb(modules);
        await app.StartAsync();
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
        return new TestHost(app, log, http);
    }

    public IReadOnlyList<string> Wiring(params IModule[] modules) =>
        Kernel.Web.Wiring.Problems(App.Services, ((IEndpointRouteBuilder)App).DataSources, modules);

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, body: null, headers);

    public Task<Answer> PostAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync("POST", path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public async Task<Answer> SendAsync(string verb, string path, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Content = body };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        using var response = await Http.SendAsync(request);
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, all, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}

internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Holds the answer to the one problem shape, member by member.</summary>
    public JsonElement ShouldBeProblem(int status, string type)
    {
        Status.ShouldBe(status, Body);
        Header("Content-Type").ShouldBe("application/problem+json");
        Json.GetProperty("type").GetString().ShouldBe($"urn:modular:{type}");
        Json.GetProperty("status").GetInt32().ShouldBe(status);
        Json.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        Json.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        Json.GetProperty("errors").EnumerateArray().ShouldNotBeEmpty();
        Json.GetProperty("errors").EnumerateArray().ShouldAllBe(e => e.ValueKind == JsonValueKind.String);
        Json.GetProperty("requestId").GetString().ShouldBe(Header("x-request-id"));
        return Json;
    }

    public string Errors() => string.Join(" | ", Json.GetProperty("errors").EnumerateArray().Select(e => e.GetString()));

    public string[] Fields() =>
        Json.TryGetProperty("fields", out var fields) ? [.. fields.EnumerateObject().Select(f => f.Name)] : [];
}

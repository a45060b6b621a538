using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Modular.Notifications.Tests;

public sealed class ReadStreamTests
{
    private const string Name = "test/a/deep";

    [Fact]
    public async Task Pages_the_log_from_a_number()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, 500);
        using var http = new HttpClient { BaseAddress = server.Address };

        var page = await http.GetFromJsonAsync<JsonElement>($"/api/notifications/streams/{Name}?after=150&epoch=e1");
        var rest = await http.GetFromJsonAsync<JsonElement>($"/api/notifications/streams/{Name}?after=450&limit=10");

        Assert.Equal(Name, page.GetProperty("stream").GetString());
        Assert.Equal("e1", page.GetProperty("epoch").GetString());
        Assert.Equal(500, page.GetProperty("head").GetInt64());
        Assert.True(page.GetProperty("complete").GetBoolean());
        Assert.Equal((300, 151, 450), Span(page));
        Assert.Equal((10, 451, 460), Span(rest));
        Assert.Equal("""{"seq":151,"type":"thing.happened","at":"2026-01-01T12:00:00Z","data":{"text":"a"}}""", page.GetProperty("events")[0].GetRawText());
    }

    [Theory]
    [InlineData("after=3&epoch=e1", true)]
    [InlineData("after=10", true)]
    [InlineData("after=2", false)]
    [InlineData("after=11", false)]
    [InlineData("", false)]
    [InlineData("after=9&epoch=e0", false)]
    public async Task Complete_says_whether_the_log_reaches_back(string query, bool complete)
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, 10);
        server.Log.Trim(Name, 3);
        using var http = new HttpClient { BaseAddress = server.Address };

        var page = await http.GetFromJsonAsync<JsonElement>($"/api/notifications/streams/{Name}?{query}");

        Assert.Equal(complete, page.GetProperty("complete").GetBoolean());
    }

    [Theory]
    [InlineData(Name + "?after=-1", HttpStatusCode.BadRequest, "after-invalid")]
    [InlineData(Name + "?after=x", HttpStatusCode.BadRequest, "after-invalid")]
    [InlineData(Name + "?limit=0", HttpStatusCode.BadRequest, "limit-invalid")]
    [InlineData(Name + "?limit=1001", HttpStatusCode.BadRequest, "limit-invalid")]
    [InlineData("other/a", HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("test", HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("test/shut", HttpStatusCode.Unauthorized, "members-only")]
    [InlineData("test/shut?access_token=00000000-0000-4000-8000-000000000001", HttpStatusCode.Forbidden, "members-only")]
    public async Task A_refusal_is_a_problem(string path, HttpStatusCode status, string type)
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Denied[("test/shut", Guid.Empty)] = true;
        server.Log.Denied[("test/shut", new Guid("00000000-0000-4000-8000-000000000001"))] = true;
        using var http = new HttpClient { BaseAddress = server.Address };

        var refused = await http.GetAsync($"/api/notifications/streams/{path}");

        Assert.Equal(status, refused.StatusCode);
        Assert.Equal($"urn:modular:{type}", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }

    private static (int Count, long First, long Last) Span(JsonElement page)
    {
        var events = page.GetProperty("events");
        return (events.GetArrayLength(), events[0].GetProperty("seq").GetInt64(), events[events.GetArrayLength() - 1].GetProperty("seq").GetInt64());
    }
}

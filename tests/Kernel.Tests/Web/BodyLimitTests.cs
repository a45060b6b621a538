using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Modular.Kernel.Tests.Web;

public sealed class BodyLimitTests(RunningHost running) : IClassFixture<RunningHost>
{
    private TestHost Host => running.Host;

    [Theory]
    [InlineData("/api/things/", 2_097_153, false)]
    [InlineData("/api/things/", 2_097_153, true)]
    [InlineData("/api/things/small", 65, false)]
    [InlineData("/api/things/small", 65, true)]
    [InlineData("/api/things/small", 3_000_000, true)]
    public async Task One_byte_over_the_limit_is_413(string path, int bytes, bool chunked) =>
        (await PostAsync(path, bytes, chunked)).ShouldBeProblem(413, "too-large");

    [Theory]
    [InlineData("/api/things/", 2_097_152, false, 201)]
    [InlineData("/api/things/", 2_097_152, true, 201)]
    [InlineData("/api/things/small", 64, false, 200)]
    [InlineData("/api/things/small", 64, true, 200)]
    public async Task A_body_of_exactly_the_limit_is_taken(string path, int bytes, bool chunked, int status) =>
        (await PostAsync(path, bytes, chunked)).Status.ShouldBe(status);

    [Fact]
    public async Task A_body_that_stops_coming_is_408()
    {
        await using var host = await TestHost.StartAsync(b => b.Services.Configure<KestrelServerOptions>(
            o => o.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 100, gracePeriod: TimeSpan.FromSeconds(1.1))));
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", host.Http.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync("POST /api/things/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"u8.ToArray());
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        answer.ShouldStartWith("HTTP/1.1 408");
        answer.ShouldContain("urn:modular:too-slow");
    }

    private async Task<Answer> PostAsync(string path, int bytes, bool chunked)
    {
        const string Frame = """{"title":"","size":1}""";
        var json = Frame.Insert(10, new string('x', bytes - Frame.Length));
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await Host.SendAsync("POST", path, body, chunked ? [("Transfer-Encoding", "chunked")] : []);
    }
}

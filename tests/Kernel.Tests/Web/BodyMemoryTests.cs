using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;

namespace Modular.Kernel.Tests.Web;

public sealed class BodyMemoryTests
{
    private const int Said = 2_000_000;

    [Fact]
    public async Task A_body_takes_the_memory_of_what_has_come_and_not_of_what_is_said_to_come()
    {
        var arriving = new Arriving("{}"u8.ToArray());
        var http = new DefaultHttpContext { Request = { Method = "POST", ContentType = "application/json", ContentLength = Said, Body = arriving } };
        http.SetEndpoint(new Endpoint(requestDelegate: null, new EndpointMetadataCollection(new ModuleMetadata("shop")), "test"));
        await new RequestBodies(_ => Task.CompletedTask, Options.Create(new LimitSettings())).InvokeAsync(http);
        arriving.MostAskedFor.ShouldBeLessThan(100_000);
    }

    /// <summary>Notes how much room the reader has made.</summary>
    private sealed class Arriving(byte[] bytes) : MemoryStream(bytes)
    {
        public int MostAskedFor { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            MostAskedFor = Math.Max(MostAskedFor, buffer.Length);
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}

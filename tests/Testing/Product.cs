using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Modular.Host;

namespace Modular.Testing;

/// <summary>The whole product in this process, on a loopback port and a database of its own.</summary>
public sealed class Product : IAsyncDisposable
{
    /// <summary>For what is not about the end of patience: only a failure takes this long, however much else the machine has to do.</summary>
    private const int LongMs = 60_000;

    private readonly WebApplication app;
    private readonly bool ownsDatabase;

    private Product(WebApplication app, TestDatabase database, bool ownsDatabase, ShiftedClock clock) =>
        (this.app, Database, this.ownsDatabase, Clock) = (app, database, ownsDatabase, clock);

    public TestDatabase Database { get; }

    /// <summary>The product's clock: the real one, moved by what a test says.</summary>
    public ShiftedClock Clock { get; }

    public IServiceProvider Services => app.Services;

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="database">Kept at the end; without one the product makes its own and drops it.</param>
    /// <param name="settings">As <c>--Section:Key=value</c>.</param>
    public static async Task<Product> StartAsync(TestDatabase? database = null, params string[] settings)
    {
        var own = database ?? await TestDatabase.CreateAsync();
        var clock = new ShiftedClock();
        string[] arguments =
        [
            "--environment=Development", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Warning", "--Logging:LogLevel:Microsoft.AspNetCore.StaticFiles=Error",
            "--Logging:LogLevel:Modular.Users.FirstAdmin=Error",
            "--Limits:Enabled=false", "--Logging:LogLevel:Modular.Kernel.Web.Limits=Error",
            $"--Database:QueueTimeoutMs={LongMs}", $"--Database:OutcomeTimeoutMs={LongMs}",
            $"--Database:ConnectionString={own.ConnectionString}", .. settings,
        ];
        var built = ModularHost.Build(arguments, builder => builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        var product = new Product(built, own, ownsDatabase: database is null, clock);
        try
        {
            await built.StartAsync();
            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    /// <summary>A browser that has never been here.</summary>
    public Browser Somebody() => new(Address);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        if (ownsDatabase)
            await Database.DisposeAsync();
    }
}

/// <summary>The real time, moved or stopped. Timers run as ever.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private TimeSpan shift;
    private DateTimeOffset? stopped;
    private long? stoppedAt;

    public void Advance(TimeSpan by) => shift += by;

    public void Stop() => (stopped, stoppedAt) = (System.GetUtcNow(), System.GetTimestamp());

    public void GoOn() => (stopped, stoppedAt) = (null, null);

    public override DateTimeOffset GetUtcNow() => (stopped ?? System.GetUtcNow()) + shift;

    public override long GetTimestamp() => (stoppedAt ?? System.GetTimestamp()) + (long)(shift.TotalSeconds * TimestampFrequency);
}

using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Kernel.Web;

namespace Modular.Kernel.Documents;

internal sealed class Streams(StoreSet stores, IServiceProvider services) : IStreams
{
    public async Task<StreamPage> ReadAsync(string stream, long after, int limit, CancellationToken ct) =>
        (await StoreOf(stream).Log.ReadAsync([(stream, after)], limit, ct))[stream];

    public async Task<IReadOnlyDictionary<string, StreamPage>> ReadManyAsync(
        IReadOnlyCollection<(string Stream, long After)> ranges, int limitEach, CancellationToken ct)
    {
        var pages = new Dictionary<string, StreamPage>(StringComparer.Ordinal);
        foreach (var module in ranges.GroupBy(r => StreamNames.Owner(r.Stream), StringComparer.Ordinal))
        {
            foreach (var (stream, page) in await stores[module.Key].Log.ReadAsync([.. module], limitEach, ct))
                pages[stream] = page;
        }

        return pages;
    }

    public async Task<IReadOnlyDictionary<string, long>> HeadsAsync(IReadOnlyCollection<string> streams, CancellationToken ct)
    {
        var heads = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var module in streams.GroupBy(StreamNames.Owner, StringComparer.Ordinal))
        {
            foreach (var (stream, head) in await stores[module.Key].Log.HeadsAsync([.. module], ct))
                heads[stream] = head;
        }

        return heads;
    }

    public string EpochOf(string stream) => StoreOf(stream).Database.Epoch;

    public ValueTask<StreamAccess> AuthorizeAsync(string stream, Caller? caller, CancellationToken ct)
    {
        var authorizer = services.GetKeyedService<IStreamAuthorizer>(StreamNames.Owner(stream));
        return authorizer is null ? ValueTask.FromResult(StreamAccess.NotFound) : authorizer.AuthorizeAsync(stream, caller, ct);
    }

    private DocumentStore StoreOf(string stream) => stores[StreamNames.Owner(stream)];
}

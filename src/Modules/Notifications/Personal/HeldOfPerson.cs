using System.Runtime.CompilerServices;
using System.Text.Json;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;

namespace Modular.Notifications.Personal;

/// <summary>What a person was told, as far as the log still has it.</summary>
internal sealed class HeldOfPerson(Lazy<IStreams> streams) : IPersonalData
{
    private const int AtOnce = 300;

    internal sealed record Held(IAsyncEnumerable<HeldEvent> Told);

    internal sealed record HeldEvent(string Type, DateTimeOffset At, JsonElement Data);

    public ValueTask<object> OfAsync(Guid person, CancellationToken ct) => ValueTask.FromResult<object>(new Held(ReadAsync(PersonalStream.Of(person), ct)));

    private async IAsyncEnumerable<HeldEvent> ReadAsync(string stream, [EnumeratorCancellation] CancellationToken ct)
    {
        var page = await streams.Value.ReadAsync(stream, after: 0, AtOnce, ct);
        while (page.Events is not [])
        {
            foreach (var told in page.Events)
                yield return new HeldEvent(told.Type, told.At, JsonElement.Parse(told.Data.Span));
            page = await streams.Value.ReadAsync(stream, page.Events[^1].Seq, AtOnce, ct);
        }
    }
}

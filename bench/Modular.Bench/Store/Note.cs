using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;

namespace Modular.Bench.Store;

/// <summary>A document about as large as a question.</summary>
internal sealed record Note : Document
{
    public Guid RoomId { get; init; }

    public Guid AuthorId { get; init; }

    public string Body { get; init; } = "";

    public static Note New(Guid room) => new()
    {
        Id = Guid.CreateVersion7(),
        RoomId = room,
        AuthorId = Guid.NewGuid(),
        Body = "When will the recordings of the sessions be published, and will there be subtitles?",
    };
}

[Event("note.written")]
internal sealed record NoteWritten(Guid Id, Guid RoomId, Guid AuthorId, string Body, DateTimeOffset CreatedAt) : IEvent
{
    Guid IEvent.Subject => Id;
}

/// <summary>The least a module can be: one document, one event.</summary>
internal sealed class NotesModule : IModule
{
    public string Name => "notes";

    public void AddServices(IHostApplicationBuilder host) => host.AddModuleStore(this, store => store
        .Document<Note>(table => table.Column(n => n.RoomId).Index("by_time", "room_id", "id"))
        .Event<NoteWritten>());

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        // Sessions are opened directly.
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Modular.Kernel.Documents;

/// <summary>
/// What a module stores: one row, whose JSON is the record without the members below. Times are the
/// application's clock cut to microseconds, which is what Postgres keeps, so that what was answered on
/// insert equals what is loaded later.
/// </summary>
public abstract record Document
{
    public Guid Id { get; init; }

    /// <summary>1 after the insert, +1 with every <see cref="IDocumentSession.Store{T}"/>; increments leave it.</summary>
    [JsonIgnore]
    public int Version { get; init; }

    [JsonIgnore]
    public DateTimeOffset CreatedAt { get; init; }

    [JsonIgnore]
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Members this version of the code does not know. They survive a rewrite, so an older replica drops nothing a newer one wrote.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownMembers { get; init; }
}

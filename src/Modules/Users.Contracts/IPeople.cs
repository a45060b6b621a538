namespace Modular.Users.Contracts;

/// <summary>How people are called now, for lists that few look at. What many see keeps the name beside what it shows.</summary>
public interface IPeople
{
    /// <summary>Names by id; people who are gone are absent.</summary>
    Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> people, CancellationToken ct);
}

namespace Modular.Kernel.Modules;

/// <summary>
/// What a module holds of one person. Every module with a store declares one (<see cref="ModuleStoreBuilder.PersonalData{T}"/>), or that it
/// holds nothing personal (<see cref="ModuleStoreBuilder.NoPersonalData"/>).
/// </summary>
public interface IPersonalData
{
    /// <summary>
    /// All of it, without secrets, as an object that is written as JSON under the module's name. What may be long is a member of type
    /// <see cref="IAsyncEnumerable{T}"/> (<see cref="Documents.DocumentPages.ReadAllAsync{T}"/>): it is read while it is written.
    /// </summary>
    ValueTask<object> OfAsync(Guid person, CancellationToken ct);
}

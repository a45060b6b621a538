namespace Modular.Kernel.MassTransit;

/// <summary>What replicas publish to each other: the events of one module that were queued while the batch before was on its way.</summary>
/// <param name="Module">The module the events belong to.</param>
/// <param name="From">The process that published it.</param>
/// <param name="Events">As the Kernel writes them; bytes, so that an event's JSON is written once and not parsed on the way.</param>
public sealed record EventBatch(string Module, Guid From, byte[] Events);

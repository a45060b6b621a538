namespace Modular.Kernel.MassTransit;

/// <summary>What passes beside the events, to the live queues only.</summary>
/// <param name="From">The process that published it.</param>
/// <param name="Signals">As the Kernel writes them.</param>
public sealed record SignalBatch(Guid From, byte[] Signals);

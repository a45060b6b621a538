namespace Modular.Bench.Tests;

/// <summary>Measurements of whole processes: one at a time and nothing beside it, or they only measure each other.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class OneMeasurement;

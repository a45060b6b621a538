// Most of these tests wait most of the time: for an outage to last, for a silence to be noticed.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace Modular.Cluster.Tests;

/// <summary>Tests that take all of the machine, after all others.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

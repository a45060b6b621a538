// Each of these tests is a load of its own; two at once would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

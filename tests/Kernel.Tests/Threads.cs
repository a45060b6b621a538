// Most of these wait for a database, a broker or a lock: with one test a core, the cores would do little.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]

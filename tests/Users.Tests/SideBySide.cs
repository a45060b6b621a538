// Most of these wait for a database or a mail server: with one test a core, the cores would do little.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

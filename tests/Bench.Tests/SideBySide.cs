// No test here is about a figure: their processes start one after the other and then wait for each other most of the time, so more of them than
// there are processors go side by side. What is lost or doubled may not depend on how busy the machine is.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

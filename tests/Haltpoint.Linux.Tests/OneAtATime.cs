using Xunit;

// Debug registers belong to the machine: a test that takes them all on a CPU would have any other test refused meanwhile.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

using Xunit;

// Each emulated CPU is a thread of the host, and the tests start many.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

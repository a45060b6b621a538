using System.Diagnostics;
using Modular.Kernel.Observability;

namespace Modular.Kernel.Tests.Observability;

public sealed class TracesTests
{
    private const string Caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public void What_a_caller_marks_as_sampled_is_no_trace_while_nobody_listens()
    {
        using var request = new Activity("request").SetParentId(Caller).Start();
        request.Recorded.ShouldBeTrue("the framework copies the caller's word");
        Traces.Current.ShouldBeNull();
    }

    [Theory]
    [InlineData(ActivitySamplingResult.AllDataAndRecorded, true)]
    [InlineData(ActivitySamplingResult.PropagationData, false)]
    public void What_is_kept_travels_on_and_what_is_not_does_not(ActivitySamplingResult decision, bool travels)
    {
        using var listening = Listen(decision);
        ActivityContext.TryParse(Caller, traceState: null, out var parent).ShouldBeTrue();
        using var request = Traces.Source.StartActivity(ActivityKind.Server, parent, name: "request").ShouldNotBeNull();
        Traces.Current.ShouldBe(travels ? request.Id : null);
    }

    [Fact]
    public void What_has_no_trace_costs_no_memory()
    {
        using var listening = Listen(ActivitySamplingResult.AllDataAndRecorded);
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(10_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        static void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                _ = Traces.Current;
                using var span = Traces.Begin("handle", "event", ActivityKind.Consumer, trace: null);
            }
        }
    }

    [Fact]
    public void What_is_over_is_told_with_its_beginning_and_is_not_what_is_done_now()
    {
        var told = new List<Activity>();
        using var listening = Listen(ActivitySamplingResult.AllDataAndRecorded, told.Add);
        var begun = DateTimeOffset.UtcNow - TimeSpan.FromSeconds(3);
        Traces.Tell(Traces.Source, "publish", "shop", ActivityKind.Producer, Caller, begun, "modular.batch_size", 7);

        var span = told.ShouldHaveSingleItem();
        (span.DisplayName, span.ParentId, span.GetTagItem("modular.batch_size")).ShouldBe(("publish shop", Caller, 7));
        span.StartTimeUtc.ShouldBe(begun.UtcDateTime);
        span.Duration.ShouldBeInRange(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30));
        Activity.Current.ShouldBeNull();
    }

    [Fact]
    public void What_is_no_traceparent_is_no_trace()
    {
        using var listening = Listen(ActivitySamplingResult.AllDataAndRecorded);
        Traces.Begin("handle", "event", ActivityKind.Consumer, "nonsense").ShouldBeNull();
    }

    private static ActivityListener Listen(ActivitySamplingResult decision, Action<Activity>? stopped = null)
    {
        // Made before anybody listens: its constructor asks the listeners, when the field it will stand in is still empty.
        var ours = Traces.Source;
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source == ours,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => decision,
            ActivityStopped = stopped,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}

using System.Diagnostics;
using Modular.Kernel.Observability;
using Modular.Testing;
using OpenTelemetry.Trace;

namespace Modular.Kernel.Tests.Observability;

public sealed class RequestSamplerTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void A_quiet_host_traces_every_request_and_a_busy_one_as_many_a_second_as_it_may()
    {
        var sampler = new RequestSampler(new OtelSettings { TracesPerSecond = 20 }, clock);
        Requests(sampler, 1_000).ShouldBe(20);
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Requests(sampler, 1_000).ShouldBe(10);
        clock.Advance(TimeSpan.FromHours(1));
        Requests(sampler, 1_000).ShouldBe(20);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.5, 4_700, 5_300)]
    [InlineData(1, 10_000, 10_000)]
    public void The_share_that_is_asked_for_is_traced(double share, int least, int most) =>
        Requests(new RequestSampler(new OtelSettings { Sampling = share, TracesPerSecond = 100_000 }, clock), 10_000).ShouldBeInRange(least, most);

    [Theory]
    [InlineData(false, ActivityTraceFlags.Recorded, 0, false)]
    [InlineData(false, ActivityTraceFlags.None, 1, true)]
    [InlineData(true, ActivityTraceFlags.Recorded, 0, true)]
    [InlineData(true, ActivityTraceFlags.None, 1, false)]
    public void A_caller_decides_only_where_callers_are_trusted(bool trusted, ActivityTraceFlags said, double share, bool kept)
    {
        var sampler = new RequestSampler(new OtelSettings { Sampling = share, TrustCallers = trusted }, clock);
        Samples(sampler, ActivityKind.Server, said, remote: true).ShouldBe(kept);
    }

    [Theory]
    [InlineData(ActivityKind.Internal, false)]
    [InlineData(ActivityKind.Client, false)]
    [InlineData(ActivityKind.Consumer, true)]
    public void What_belongs_to_a_trace_follows_its_beginning_here_or_elsewhere(ActivityKind kind, bool elsewhere)
    {
        var sampler = new RequestSampler(new OtelSettings { Sampling = 0 }, clock);
        Samples(sampler, kind, ActivityTraceFlags.Recorded, elsewhere).ShouldBeTrue();
        Samples(sampler, kind, ActivityTraceFlags.None, elsewhere).ShouldBeFalse();
    }

    [Theory]
    [InlineData(ActivityKind.Client)]
    [InlineData(ActivityKind.Internal)]
    [InlineData(ActivityKind.Producer)]
    public void What_no_request_has_begun_is_not_traced(ActivityKind kind) =>
        Sample(new RequestSampler(new OtelSettings(), clock), default, kind).ShouldBeFalse();

    private static int Requests(RequestSampler sampler, int count) => Enumerable.Range(0, count).Count(_ => Sample(sampler, default, ActivityKind.Server));

    private static bool Samples(RequestSampler sampler, ActivityKind kind, ActivityTraceFlags parent, bool remote) =>
        Sample(sampler, new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), parent, isRemote: remote), kind);

    private static bool Sample(RequestSampler sampler, ActivityContext parent, ActivityKind kind) =>
        sampler.ShouldSample(new SamplingParameters(parent, ActivityTraceId.CreateRandom(), "a span", kind)).Decision == SamplingDecision.RecordAndSample;
}

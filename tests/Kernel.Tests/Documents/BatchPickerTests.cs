using Modular.Kernel.Documents.Commit;

namespace Modular.Kernel.Tests.Documents;

public sealed class BatchPickerTests
{
    private static readonly Guid A = Guid.CreateVersion7();
    private static readonly Guid B = Guid.CreateVersion7();

    [Fact]
    public void Sessions_on_different_documents_share_a_batch() =>
        Assert.Equal([0, 1], Picked(Request(A, LockMode.Exclusive), Request(B, LockMode.Exclusive)));

    [Fact]
    public void Sessions_on_one_document_do_not() =>
        Assert.Equal([0], Picked(Request(A, LockMode.Exclusive), Request(A, LockMode.Exclusive)));

    [Fact]
    public void Increments_share_and_expectations_share_but_not_with_each_other()
    {
        Assert.Equal([0, 1], Picked(Request(A, LockMode.Increment), Request(A, LockMode.Increment)));
        Assert.Equal([0, 1], Picked(Request(A, LockMode.Expect), Request(A, LockMode.Expect)));
        Assert.Equal([0], Picked(Request(A, LockMode.Expect), Request(A, LockMode.Increment)));
    }

    [Fact]
    public void One_left_behind_is_not_overtaken_on_what_it_waits_for() =>
        Assert.Equal([0, 3], Picked(Request(A, LockMode.Increment), Request(A, LockMode.Exclusive), Request(A, LockMode.Increment), Request(B, LockMode.Exclusive)));

    [Fact]
    public void One_that_is_held_up_is_in_no_batch_and_not_overtaken_on_what_it_waits_for()
    {
        var heldUp = new HeldUpSessions();
        heldUp.Add(Request(A, LockMode.Increment));
        Assert.Equal([1], Picked(heldUp, Request(A, LockMode.Increment), Request(B, LockMode.Exclusive)));
    }

    [Fact]
    public void Those_held_up_have_their_turns_and_one_withdrawn_meanwhile_is_forgotten_and_holds_nothing()
    {
        var heldUp = new HeldUpSessions();
        var (withdrawn, first, second) = (Request(A, LockMode.Exclusive), Request(B, LockMode.Exclusive), Request(B, LockMode.Exclusive));
        foreach (var request in new[] { withdrawn, first, second })
            heldUp.Add(request);
        Assert.True(withdrawn.TryWithdraw());
        Assert.Equal([0], Picked(heldUp, Request(A, LockMode.Exclusive), Request(B, LockMode.Exclusive)));
        Assert.Same(first, heldUp.Take());
        heldUp.Add(first);
        Assert.Same(second, heldUp.Take());
    }

    [Fact]
    public void A_withdrawn_session_is_left_out_and_forgotten()
    {
        var withdrawn = Request(A, LockMode.Exclusive);
        Assert.True(withdrawn.TryWithdraw());
        Assert.Equal([1], Picked(withdrawn, Request(A, LockMode.Exclusive)));
        Assert.False(withdrawn.TryTake());
    }

    [Fact]
    public void A_taken_session_cannot_be_withdrawn_until_it_is_given_back()
    {
        var request = Request(A, LockMode.Exclusive);
        Assert.Equal([0], Picked(request));
        Assert.False(request.TryWithdraw());
        request.Release();
        Assert.True(request.TryWithdraw());
    }

    [Fact]
    public void A_batch_holds_at_most_256_sessions_and_256_KB()
    {
        Assert.Equal(256, Picked([.. Enumerable.Range(0, 300).Select(_ => Request(Guid.CreateVersion7(), LockMode.Exclusive))]).Length);
        Assert.Equal(4, Picked([.. Enumerable.Range(0, 9).Select(_ => Request(Guid.CreateVersion7(), LockMode.Exclusive, bytes: 60_000))]).Length);
    }

    private static CommitRequest Request(Guid id, LockMode mode, int bytes = 10)
    {
        var writes = new WriteSet();
        writes.Add(new EventWrite(Guid.CreateVersion7(), null, "x", id, new string('x', bytes)));
        return new CommitRequest(writes, new Dictionary<LockKey, LockMode> { [new LockKey("t", null, id)] = mode });
    }

    private static int[] Picked(params CommitRequest[] requests) => Picked(new HeldUpSessions(), requests);

    private static int[] Picked(HeldUpSessions heldUp, params CommitRequest[] requests) =>
        [.. BatchPicker.Take(new LinkedList<CommitRequest>(requests), heldUp).Select(r => Array.IndexOf(requests, r))];
}

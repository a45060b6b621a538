using Modular.Testing;

namespace Modular.Cluster.Tests;

[Collection<RunningReplicas>]
public sealed class RenameTests(RunningReplicas running)
{
    /// <summary>Far less than the two seconds for which a replica that hears nothing goes by what it has read.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);

    private readonly Replicas replicas = running.Replicas;

    [Fact]
    public async Task A_name_chosen_on_one_replica_is_that_of_the_next_question_on_the_other()
    {
        // Three times in a row: the end of the two seconds is in time for one by chance. And at any time: a busy machine is late for one, too.
        var row = 0;
        await Eventually.Is(async () => (row = await IsKnownAsync() ? row + 1 : 0) == 3, what: "the other replica knows the new name");
    }

    private async Task<bool> IsKnownAsync()
    {
        using var ann = replicas.A.Host.Somebody();
        (await ann.Post("/api/users/guests")).Must(201);
        using var elsewhere = replicas.B.Host.Somebody();
        var cookie = ("Cookie", ann.Cookies.GetCookieHeader(replicas.A.Address));
        (await elsewhere.Get("/api/rooms/LOBBY", cookie)).Must(200);

        var name = $"Ann {Guid.NewGuid():n}"[..20];
        (await ann.Patch("/api/users/me", new { name })).Must(200);
        try
        {
            await Eventually.Is(
                async () => (await elsewhere.Send(HttpMethod.Post, "/api/questions", new { body = "Who am I?" }, cookie)).Must(201)["author"].GetProperty("name").GetString() == name, Soon);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}

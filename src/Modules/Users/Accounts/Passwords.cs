using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Modular.Kernel.Observability;
using Modular.Kernel.Web;

namespace Modular.Users.Accounts;

internal enum PasswordCheck
{
    Wrong,
    Right,

    /// <summary>Right, and its hash is of an older way: hash it anew.</summary>
    RightAndOld,

    /// <summary>Nobody has looked: too many wait. Answer <see cref="Passwords.Busy"/>.</summary>
    Busy,
}

/// <summary>
/// Hashes passwords with the framework's hasher, one at a time (<c>PasswordsAtOnce</c>) on a thread of its own: each takes some 50 ms of a
/// processor, and on two processors two at once would leave none for the pushes to thousands of sockets.
/// </summary>
internal sealed class Passwords : IDisposable
{
    private const string Here = "here";
    private static readonly Account Nobody = new();
    private readonly PasswordHasher<Account> hasher;
    private readonly BlockingCollection<Action> waiting;
    private readonly FairPlaces places;
    private readonly Lazy<string> nobodysHash;
    private readonly Thread[] workers;
    private readonly Counter<int> hashed;
    private readonly Histogram<double> waited;

    public Passwords(IOptions<UsersOptions> options, IMeterFactory meters)
    {
        var meter = meters.Create("Modular.Users");
        hashed = meter.CreateCounter<int>("modular.users.passwords_hashed", "{password}", "Passwords that were hashed, to store or to compare");
        waited = meter.CreateTimes("modular.users.password_wait", "From a password's arrival to its turn to be hashed");
        waiting = new BlockingCollection<Action>(options.Value.MostPasswordsWaiting);
        places = new FairPlaces(options.Value.MostPasswordsWaiting);
        hasher = new PasswordHasher<Account>();
        nobodysHash = new Lazy<string>(() => hasher.HashPassword(Nobody, Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));
        workers = [.. Enumerable.Range(0, options.Value.PasswordsAtOnce).Select(_ => new Thread(Work) { IsBackground = true, Name = "password hashing" })];
        foreach (var worker in workers)
            worker.Start();
    }

    public static Refused Busy => Refused.Unavailable("busy", "Many people are signing in right now. Try again in a moment.");

    /// <summary>Before anybody waits for it: the first unknown address must not take twice as long.</summary>
    public Task PrepareAsync(CancellationToken ct) => TryQueue(() => nobodysHash.Value, Here, ct, out var turn) ? turn : Task.CompletedTask;

    /// <summary>Null when too many wait: answer <see cref="Busy"/>.</summary>
    /// <param name="from">The address that asks (<c>ClientAddress</c>); null for this process itself.</param>
    public async ValueTask<string?> HashAsync(string password, string? from, CancellationToken ct) =>
        TryQueue(() => hasher.HashPassword(Nobody, password), from ?? Here, ct, out var turn) ? await turn : null;

    /// <summary>The same work for nobody's account, for one without a password and for a password nobody can have: how long it takes must not tell.</summary>
    public async ValueTask<PasswordCheck> VerifyAsync(Account? account, string password, string from, CancellationToken ct)
    {
        if (PasswordRule.IsTooLong(password))
            (account, password) = (null, "");
        if (!TryQueue(() => hasher.VerifyHashedPassword(Nobody, account?.PasswordHash ?? nobodysHash.Value, password), from, ct, out var turn))
            return PasswordCheck.Busy;
        return await turn switch
        {
            PasswordVerificationResult.Success when account?.PasswordHash is not null => PasswordCheck.Right,
            PasswordVerificationResult.SuccessRehashNeeded when account?.PasswordHash is not null => PasswordCheck.RightAndOld,
            _ => PasswordCheck.Wrong,
        };
    }

    public void Dispose()
    {
        waiting.CompleteAdding();
        foreach (var worker in workers)
            worker.Join();
        waiting.Dispose();
    }

    /// <summary>Whoever has left while they waited costs nothing.</summary>
    private bool TryQueue<T>(Func<T> work, string from, CancellationToken ct, out Task<T> turn)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        turn = done.Task;
        var since = Stopwatch.GetTimestamp();
        if (!places.TryTake(from))
            return false;
        if (waiting.TryAdd(Run, millisecondsTimeout: 0, CancellationToken.None))
            return true;
        places.GiveBack(from);
        return false;

        void Run()
        {
            places.GiveBack(from);
            if (ct.IsCancellationRequested)
            {
                done.SetCanceled(ct);
                return;
            }

            waited.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);
            try
            {
                var result = work();
                hashed.Add(1);
                done.SetResult(result);
            }
            catch (Exception failed)
            {
                done.SetException(failed);
            }
        }
    }

    private void Work()
    {
        Courtesy.GiveWay();
        foreach (var turn in waiting.GetConsumingEnumerable())
            turn();
    }
}

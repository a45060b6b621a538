namespace Modular.Bench.Measuring;

/// <summary>What is compared, and how it was asked.</summary>
/// <param name="Surface"><c>store</c>: sessions in this process; <c>http</c>: POST /api/questions of a host.</param>
/// <param name="Streams">Over how many streams (rooms) the callers are spread.</param>
/// <param name="Rate">Requests a second in an open loop, over so many connections; null: each caller asks again once it is answered.</param>
internal sealed record Setting(string Surface, int Streams, int Callers, double? Rate = null);

/// <summary>One way measured once.</summary>
/// <param name="Rate">Answers a second; in an open loop less than was asked where the subject fell behind.</param>
/// <param name="WriteTransactions">Counted by the server, all of the database, those that clear the outbox included.</param>
/// <param name="Batch">Sessions a commit by the product's own count; null for the plain way.</param>
/// <param name="Subject">Processor seconds of the process that commits.</param>
/// <param name="Generator">Processor seconds of who asks; null where that is the same process.</param>
/// <param name="Postgres">Processor seconds of the server; null where they cannot be read.</param>
/// <param name="AllocatedBytes">By the process that commits.</param>
internal sealed record Run(
    Setting Setting, string Way, int Round, double Seconds, double Rate, Spread Latency, long WriteTransactions, double? Batch,
    double Subject, double? Generator, double? Postgres, double AllocatedBytes);

using System.Data.Common;
using Modular.Kernel.Messaging;
using Npgsql;

namespace Modular.Kernel.Documents.Commit;

internal sealed class SideTransaction(DocumentStore store, NpgsqlConnection connection) : ISideTransaction
{
    public WriteSet Writes { get; } = new();

    public async Task<IReadOnlyList<TRow>> QueryAsync<TRow>(FormattableString sql, Func<DbDataReader, TRow> row, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        SqlText.Apply(command, "", sql);
        var rows = new List<TRow>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            rows.Add(row(reader));
        return rows;
    }

    public void Append(string stream, IEvent happened)
    {
        store.RequireOwn(stream);
        Writes.Add(store.Write(stream, happened));
    }
}

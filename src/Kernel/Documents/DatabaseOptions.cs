using System.ComponentModel.DataAnnotations;

namespace Modular.Kernel.Documents;

/// <summary>The <c>Database</c> section.</summary>
public sealed class DatabaseOptions
{
    [Required(AllowEmptyStrings = false, ErrorMessage = "Database:ConnectionString is missing. Give it as Host=…;Username=…;Password=…;Database=… (environment: Database__ConnectionString).")]
    public string ConnectionString { get; set; } = "";

    /// <summary>Apply the schema when the host starts; turn off where a job runs <c>host migrate</c> first.</summary>
    public bool MigrateAtStart { get; set; } = true;

    /// <summary>How long the host waits for the database when it starts, in seconds.</summary>
    [Range(0, 3600, ErrorMessage = "Database:StartTimeoutSeconds must be between 0 and 3600.")]
    public int StartTimeoutSeconds { get; set; } = 30;

    [Range(1, 100, ErrorMessage = "Database:ReadConnections must be between 1 and 100.")]
    public int ReadConnections { get; set; } = 4;

    [Range(1, 20, ErrorMessage = "Database:SideConnections must be between 1 and 20.")]
    public int SideConnections { get; set; } = 1;

    /// <summary>After how many seconds without an answer a batch counts as lost and its outcome is asked for.</summary>
    [Range(1, 60, ErrorMessage = "Database:BatchTimeoutSeconds must be between 1 and 60.")]
    public int BatchTimeoutSeconds { get; set; } = 3;

    /// <summary>How long a statement waits for a row that somebody holds, in milliseconds.</summary>
    [Range(100, 60_000, ErrorMessage = "Database:LockTimeoutMs must be between 100 and 60000.")]
    public int LockTimeoutMs { get; set; } = 2_000;

    /// <summary>How long a session may wait to be taken into a batch, in milliseconds.</summary>
    [Range(100, 60_000, ErrorMessage = "Database:QueueTimeoutMs must be between 100 and 60000.")]
    public int QueueTimeoutMs { get; set; } = 5_000;

    /// <summary>How long a session taken into a batch waits for the outcome, in milliseconds.</summary>
    [Range(100, 120_000, ErrorMessage = "Database:OutcomeTimeoutMs must be between 100 and 120000.")]
    public int OutcomeTimeoutMs { get; set; } = 10_000;
}

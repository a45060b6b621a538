namespace Modular.Kernel.Documents;

/// <summary>A document that the session stored, deleted, incremented or expected is gone or has another version. Nothing was written.</summary>
public sealed class VersionConflictException(string message) : Exception(message);

/// <summary>A document's id or one of its unique values is taken. Nothing was written.</summary>
public sealed class DocumentExistsException(string message) : Exception(message);

/// <summary>The session was not committed because the database is away or too busy. Nothing was written.</summary>
public sealed class CommitUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The commit was sent and the database has not said how it ended. It may have been saved.</summary>
public sealed class CommitOutcomeUnknownException(string message, Exception? inner = null) : Exception(message, inner);

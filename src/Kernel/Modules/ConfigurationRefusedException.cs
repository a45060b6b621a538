namespace Modular.Kernel;

/// <summary>The host cannot run as it is configured. Its sentences are for the operator; the host prints them and exits non-zero.</summary>
public sealed class ConfigurationRefusedException(params IReadOnlyList<string> sentences) : Exception(string.Join(Environment.NewLine, sentences))
{
    public IReadOnlyList<string> Sentences { get; } = sentences;
}

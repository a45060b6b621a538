namespace Modular.Kernel.Modules;

/// <summary>
/// Whose code runs in this dependency-injection scope; decides which store an injected session belongs to. Set once,
/// from the endpoint's <see cref="ModuleMetadata"/> for requests and by the dispatcher for event handlers.
/// </summary>
public sealed class ModuleScope
{
    public string? Module { get; set; }
}

/// <summary>On every endpoint of a module: its name.</summary>
public sealed record ModuleMetadata(string Module);

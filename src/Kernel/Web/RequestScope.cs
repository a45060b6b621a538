namespace Modular.Kernel.Web;

/// <summary>The request that caused what runs in this scope; set for requests by the pipeline and for event handlers by the dispatcher.</summary>
public sealed class RequestScope
{
    public string? RequestId { get; set; }
}

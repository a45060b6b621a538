using System.Text.Json.Serialization;

namespace Modular.Kernel.Web;

/// <summary>
/// The one shape of every error. <paramref name="Type"/> is <c>urn:modular:{code}</c> and stable; <paramref name="Errors"/>
/// are sentences for people, always there and always flat.
/// </summary>
public record Problem(string Type, string Title, int Status, string Detail, IReadOnlyList<string> Errors, string RequestId)
{
    /// <summary>Which sentences belong to which input; absent where no input is to blame.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Fields { get; init; }
}

using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Modular.Kernel.Web.Limits;

/// <summary>Says in the OpenAPI document which operations are limited, and what their answers tell of it.</summary>
internal static class LimitsInOpenApi
{
    private static readonly (string Name, string Meaning)[] Headers =
    [
        (RateLimitHeaders.Limit, "Requests that a full budget allows."),
        (RateLimitHeaders.Remaining, "Requests that are left of it now."),
        (RateLimitHeaders.Reset, "Seconds until it is full again."),
    ];

    public static void Describe(OpenApiDocument document)
    {
        foreach (var (name, meaning) in Headers)
            document.AddComponent<IOpenApiHeader>(name, Whole(meaning));
    }

    public static bool IsLimited(OpenApiOperationTransformerContext context) =>
        context.Description.ActionDescriptor.EndpointMetadata.Any(m => m is LimitMetadata or GuestsAllowedMetadata);

    public static void AddTo(OpenApiOperation operation, OpenApiDocument document)
    {
        foreach (var (status, answer) in operation.Responses!)
        {
            if (answer is not OpenApiResponse response || (status[0] != '2' && status != "429"))
                continue;
            response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
            foreach (var (name, _) in Headers)
                response.Headers[name] = new OpenApiHeaderReference(name, document);
            if (status == "429")
                response.Headers["Retry-After"] = Whole("Seconds until it is worth trying again.");
        }
    }

    private static OpenApiHeader Whole(string meaning) => new() { Description = meaning, Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } };
}

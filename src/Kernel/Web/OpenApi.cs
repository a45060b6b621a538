using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Modular.Kernel.Web.Limits;

namespace Modular.Kernel.Web;

/// <summary>The OpenAPI document: what the endpoints declare, and the problems and sign-in that all of them share.</summary>
public static class OpenApi
{
    internal const string Document = "v1";
    private const string Cookie = "cookie";
    private const string Bearer = "bearer";

    internal static void Add(IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(AddSharedAsync);
        options.AddSchemaTransformer(CorrectAsync);
        options.CreateSchemaReferenceId = Name;
    });

    /// <summary>Every slice calls its body Request, so a nested type is named with its slice.</summary>
    private static string? Name(JsonTypeInfo type) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not { } name ? null
        : type.Type is { DeclaringType: { } slice, IsGenericType: false } ? slice.Name + name
        : name;

    private static Task CorrectAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        if (schema is { Type: null } and ({ Enum.Count: > 0 } or { Format: "date-time" }))
            schema.Type = JsonSchemaType.String;
        // What may be left out of a request; in an answer a nullable member is there all the same.
        if (context.ParameterDescription is not null && schema.Required is { Count: > 0 })
            schema.Required = context.JsonTypeInfo.Properties.Where(p => p.IsRequired).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return Task.CompletedTask;
    }

    /// <summary>The document as it is served, with a line end.</summary>
    public static async Task<string> OpenApiDocumentAsync(this WebApplication app, CancellationToken ct)
    {
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Document).GetOpenApiDocumentAsync(ct);
        return (await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct)).ReplaceLineEndings("\n") + "\n";
    }

    private static async Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo { Title = "Modular", Version = Document, Description = "Live questions and answers for events." };
        document.Servers = [];
        var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), parameterDescription: null, ct);
        document.AddComponent(nameof(Problem), problem);
        LimitsInOpenApi.Describe(document);
        document.AddComponent<IOpenApiSecurityScheme>(Cookie, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = "modular",
            Description = "Set by signing in and by a guest's first write; __Host-modular over HTTPS.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The access token a sign-in answers with.",
        });
    }

    private static Task AddSharedAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var mayBeAnyone = metadata.OfType<IAllowAnonymous>().Any();
        operation.Responses ??= [];
        foreach (var status in Statuses(operation, context, mayBeAnyone))
            operation.Responses.TryAdd(status, Response(context.Document!, status));
        if (metadata.OfType<GuestsAllowedMetadata>().Any())
            operation.Description = string.Join("\n\n", new[] { operation.Description, "Without credentials the call is made as a new guest, whose cookie comes with the answer." }.OfType<string>());
        if (LimitsInOpenApi.IsLimited(context))
            LimitsInOpenApi.AddTo(operation, context.Document!);
        if (!IsUnderApi(context))
            return Task.CompletedTask;
        operation.Security =
        [
            new() { [new OpenApiSecuritySchemeReference(Cookie, context.Document)] = [] },
            new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
            .. mayBeAnyone ? new OpenApiSecurityRequirement[] { [] } : [],
        ];
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Statuses(OpenApiOperation operation, OpenApiOperationTransformerContext context, bool mayBeAnyone)
    {
        var writes = context.Description.HttpMethod is not ("GET" or "HEAD");
        var onOne = operation.Parameters?.Any(p => p.In == ParameterLocation.Path) == true;
        if (operation.RequestBody is not null || operation.Parameters is { Count: > 0 })
            yield return "400";
        if (IsUnderApi(context))
            yield return "401";
        if (!mayBeAnyone)
            yield return "403";
        if (onOne)
            yield return "404";
        if (writes)
            yield return "409";
        if (operation.RequestBody is not null)
        {
            yield return "413";
            yield return "415";
        }

        if (LimitsInOpenApi.IsLimited(context))
            yield return "429";
        yield return "500";
        yield return "503";
    }

    private static bool IsUnderApi(OpenApiOperationTransformerContext context) =>
        context.Description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;

    private static OpenApiResponse Response(OpenApiDocument document, string status) => new()
    {
        Description = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(int.Parse(status)),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [Problems.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(nameof(Problem), document) },
        },
    };
}

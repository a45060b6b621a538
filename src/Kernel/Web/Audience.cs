using Microsoft.AspNetCore.Builder;

namespace Modular.Kernel.Web;

/// <summary>On an endpoint for some of the people who are signed in: what the others are told.</summary>
public sealed record AudienceMetadata(Refused Others);

public static class Audience
{
    /// <summary>For people with an account; guests are told to make one.</summary>
    public static TBuilder RequireMember<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.RequireClaim(Caller.Claims.Kind, "member"))
            .WithMetadata(new AudienceMetadata(Refused.Forbidden("members-only", "This is for people with an account. Register first.")));

    /// <summary>For admins of the whole site.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.RequireClaim(Caller.Claims.Role, "admin"))
            .WithMetadata(new AudienceMetadata(Refused.Forbidden("admins-only", "Only an admin of this site may do this.")));
}

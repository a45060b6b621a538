using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Modular.Kernel.Web;

/// <summary>On an endpoint: a call without credentials is made as a new guest, who gets the cookie with the answer.</summary>
public sealed class GuestsAllowedMetadata;

public static class Guests
{
    /// <summary>Needs no sign-in: a write without credentials makes a guest. Says so in the OpenAPI document.</summary>
    public static TBuilder AllowGuests<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AllowAnonymousAttribute(), new GuestsAllowedMetadata());
}

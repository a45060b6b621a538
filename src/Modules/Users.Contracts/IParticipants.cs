using Microsoft.AspNetCore.Http;
using Modular.Kernel.Web;

namespace Modular.Users.Contracts;

/// <summary>Everybody who writes is a user. Call it when the request has passed validation, so that refused ones make nobody.</summary>
public interface IParticipants
{
    /// <summary>
    /// The request's caller, or a new guest whose cookie goes out with the response. With a
    /// <paramref name="clientId"/> a retry that lost the cookie is the same guest for an hour. Where its address has made too many, the
    /// request ends with 429.
    /// </summary>
    Task<Caller> EnsureAsync(HttpContext http, string? clientId, CancellationToken ct);
}

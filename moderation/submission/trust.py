"""Who is no newcomer any more on a pre-moderated site."""

from moderation.domain.comment import Submission
from moderation.domain.site import Moderation
from moderation.storage.transaction import Transaction


def recognise(submission: Submission, memory: Transaction) -> tuple[bool, int]:
    """Tell whether the author is known here, and by how many published comments.

    Whom the site vouches for as trusted is known. Where the policy names a number of comments,
    they must be a member's, whom the site has signed in: anybody can type an e-mail address. The
    count ends at that number, and is 0 where none is named.
    """
    policy, member, site_id = submission.site.policy, submission.member, submission.site.id
    if policy.moderation is Moderation.POST:
        return False, 0
    if member is not None and member.is_trusted:
        return True, 0
    if policy.trust_after is None:
        return memory.authors.is_known(site_id, submission.author.email), 0
    if member is None:
        return False, 0
    published = memory.authors.published_by(site_id, member.id, policy.trust_after)
    return published >= policy.trust_after, published
